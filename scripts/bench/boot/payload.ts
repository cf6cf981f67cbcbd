/** Characters of the user data of a control-plane node of openstack-lbaas, in base64: about 48,000 (docs/payload.md). */
export const USER_DATA_LENGTH = 48_000;
