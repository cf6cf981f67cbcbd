#!/bin/sh
# A first boot with the real cloud-init, in a copy of this machine that nobody else sees and that is gone afterwards.
# first-boot.sh FOLDER: FOLDER/user-data is what the machine is given; FOLDER/written is all that changed, FOLDER/calls what it
# asked of systemd and apt, for neither runs here. PYTHONPATH may name another cloud-init than this machine's.
# Needs root, in namespaces of its own for mounts and the host's name (unshare --mount --uts).
set -eu
folder=$1
root=$folder/root
mkdir -p "$root" "$folder/copy"
mount -t tmpfs tmpfs "$folder/copy"
mkdir "$folder/copy/upper" "$folder/copy/work"
mount -t overlay overlay -o "lowerdir=/,upperdir=$folder/copy/upper,workdir=$folder/copy/work" "$root"
for kernel in proc sys dev; do mount --rbind "/$kernel" "$root/$kernel"; done
for empty in run tmp; do mount -t tmpfs tmpfs "$root/$empty"; done

# What is there of an earlier life of the machine.
rm -rf "$root/var/lib/cloud" "$root/opt/triskel" "$root/etc/triskel"
mkdir -p "$root/var/lib/cloud/seed/nocloud" "$root/tmp/stubs" "$root/run/cloud-init"
cp "$folder/user-data" "$root/var/lib/cloud/seed/nocloud/user-data"
echo 'instance-id: first' >"$root/var/lib/cloud/seed/nocloud/meta-data"
# Modules that touch disks and networks are left out; the others in Debian's order.
cat >"$root/etc/cloud/cloud.cfg.d/99-first-boot.cfg" <<'EOF'
datasource_list: [NoCloud]
network: {config: disabled}
cloud_init_modules: [bootcmd, write_files, set_hostname, users_groups]
cloud_config_modules: [runcmd]
cloud_final_modules: [package_update_upgrade_install, write_files_deferred, scripts_user]
output: {all: '>> /run/output'}
EOF
for program in systemctl apt-get dpkg-query dpkg; do
  printf '#!/bin/sh\necho "%s $*" >>/run/calls\n' "$program" >"$root/tmp/stubs/$program"
  chmod 0755 "$root/tmp/stubs/$program"
done
# The same cloud-init for whoever calls it by its name.
printf '#!/bin/sh\nexec /usr/bin/python3 -m cloudinit.cmd.main "$@"\n' >"$root/tmp/stubs/cloud-init"
chmod 0755 "$root/tmp/stubs/cloud-init"

status=0
# shellcheck disable=SC2016 # the inner shell's own variables
chroot "$root" sh -c '
  export PATH="/tmp/stubs:$PATH"
  cloud-init init --local && cloud-init init && cloud-init modules --mode config && cloud-init modules --mode final
' >"$folder/console" 2>&1 || status=$?
cp "$root/run/output" "$root/run/calls" "$folder/" 2>/dev/null || :
hostname >"$folder/hostname"
cat "$root/var/log/cloud-init.log" >"$folder/log" 2>/dev/null || :
# What the caller looks at must outlive the mounts.
rm -rf "$folder/written"
cp -a "$folder/copy/upper" "$folder/written"
exit "$status"
