/** A small typed client of OpenStack. */
export { connect, snapshot, type Cloud } from './cloud.ts';
export type { Call, CallOptions, Session, SessionOptions } from './session.ts';
export type { JsonAnswer, RequestEvent } from './exchange.ts';
export type { Auth, ApplicationCredentialAuth, PasswordAuth, TokenAuth, Named, DomainName, Scope } from './auth.ts';
export type { Token, CatalogService, CatalogEndpoint } from './token.ts';
export type { EndpointChoice, ServiceName } from './catalog.ts';
export { CloudError, type ErrorKind, type FailedCall } from './errors.ts';
export type { OnRetry, Patience } from './attempts.ts';
export { poll, type PollOptions } from './poll.ts';
export type { Clock } from './time.ts';
export { systemClock } from './system-clock.ts';
export {
  TransportError,
  type HttpAnswer,
  type HttpRequest,
  type Transport,
  type TransportFailure,
} from './transport.ts';
export { networkTransport, type NetworkOptions, type NetworkTransport } from './undici-transport.ts';
export type {
  BulkCreatable,
  Collection,
  Creatable,
  CreateOptions,
  Deletable,
  Readable,
  Updatable,
} from './collection.ts';
export type { Query } from './query.ts';
export type * from './services/identity.ts';
export type { NetworkService, RouterCalls, RouterEnd, Tagged } from './services/network.ts';
export type * from './services/network-types.ts';
export type { LoadBalancerService, Provider } from './services/load-balancer.ts';
export type * from './services/load-balancer-types.ts';
export type { ComputeService, ServerCreateOptions, Servers } from './services/compute.ts';
export type * from './services/compute-types.ts';
export type { KeyPairs, ServerGroups } from './services/compute-groups.ts';
export type { Image, ImageFilter, ImageService } from './services/image.ts';
export type {
  BlockStorageService,
  Volume,
  VolumeCreate,
  VolumeFilter,
  VolumeLimits,
  VolumeType,
  VolumeUpdate,
} from './services/block-storage.ts';
export { readCloudConfig, type CloudConfig } from './config/cloud-config.ts';
export { ConfigError, type ConfigErrorKind } from './config/config-error.ts';
export type { ConfigSources } from './config/files.ts';
export type { CloudChoice } from './config/settings.ts';
