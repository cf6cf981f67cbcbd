"""Fills the new cloud, inside the lab's tree: catalog, users, flavors, images, networks; writes /etc/openstack/clouds.yaml.
With the argument `zones`, once the hosts are known: one availability zone a host, and the volume type."""
import os
import re
import subprocess
import sys

import openstack

KEYSTONE = 'http://127.0.0.1:5000/v3'
SERVICES = [  # type, name, URL
    ('image', 'glance', 'http://127.0.0.1:9292'),
    ('placement', 'placement', 'http://127.0.0.1:8778'),
    ('compute', 'nova', 'http://127.0.0.1:8774/v2.1'),
    ('network', 'neutron', 'http://127.0.0.1:9696'),
    ('load-balancer', 'octavia', 'http://127.0.0.1:9876'),
    ('block-storage', 'cinder', 'http://127.0.0.1:8776/v3'),
]
# Users who have the project of their name, and their roles. `plain` may not use Octavia; `other` is somebody else.
USERS = {
    'demo': ['member', 'reader', 'load-balancer_member'],
    'other': ['member', 'reader', 'load-balancer_member'],
    'plain': ['member', 'reader'],
}
FLAVORS = [('m1.tiny', 1, 512, 1), ('m1.small', 1, 2048, 20), ('m1.medium', 2, 4096, 40), ('m1.large', 4, 8192, 80)]


def connect(user, project=None):
    """The password of every user is their name."""
    return openstack.connect(auth_url=KEYSTONE, username=user, password=user, project_name=project or user,
                             user_domain_id='default', project_domain_id='default', region_name='RegionOne')


def fill_catalog(identity):
    for kind, name, url in SERVICES:
        service = identity.create_service(type=kind, name=name)
        for interface in ('public', 'internal', 'admin'):
            identity.create_endpoint(service_id=service.id, interface=interface, url=url, region_id='RegionOne')
    keystone = next(service for service in identity.services() if service.name == 'keystone')
    for interface in ('internal', 'admin'):
        identity.create_endpoint(service_id=keystone.id, interface=interface, url=KEYSTONE, region_id='RegionOne')


def make_users(identity):
    for name in ('service', 'load-balancer_member', 'load-balancer_admin'):
        if identity.find_role(name) is None:
            identity.create_role(name=name)
    roles = {role.name: role for role in identity.roles()}
    for name, project, granted in [('svc', 'service', ['admin', 'service'])] + [(n, n, r) for n, r in USERS.items()]:
        made = identity.create_project(name=project, domain_id='default')
        user = identity.create_user(name=name, password=name, domain_id='default')
        for role in granted:
            identity.assign_project_role_to_user(made, user, roles[role])


def make_flavors(compute):
    for name, vcpus, ram, disk in FLAVORS:
        compute.create_flavor(name=name, vcpus=vcpus, ram=ram, disk=disk)
    compute.create_flavor(id='amphora', name='amphora', vcpus=1, ram=256, disk=1, is_public=False)


def make_images(service):
    subprocess.run(['qemu-img', 'create', '-q', '-f', 'qcow2', '/tmp/tiny.qcow2', '16M'], check=True)
    kind = {'filename': '/tmp/tiny.qcow2', 'disk_format': 'qcow2', 'container_format': 'bare', 'wait': True}
    service.create_image('tiny', visibility='public', **kind)
    service.create_image('amphora', visibility='private', tags=['amphora'], **kind)


def make_networks(admin, service):
    public = admin.network.create_network(name='public', is_router_external=True, provider_network_type='flat',
                                          provider_physical_network='public')
    admin.network.create_subnet(name='public-subnet', network_id=public.id, ip_version=4, cidr='203.0.113.0/24',
                                is_dhcp_enabled=False, gateway_ip='203.0.113.1',
                                allocation_pools=[{'start': '203.0.113.10', 'end': '203.0.113.250'}])
    inner = service.network.create_network(name='lb-mgmt-net')
    service.network.create_subnet(name='lb-mgmt-subnet', network_id=inner.id, ip_version=4, cidr='192.168.240.0/20')
    group = service.network.create_security_group(name='lb-mgmt-sec-grp')
    admin.set_compute_quotas('service', instances=-1, cores=-1, ram=-1, server_groups=-1)
    admin.set_network_quotas('service', port=-1, security_group=-1, security_group_rule=-1)
    path = '/etc/octavia/octavia.conf'
    with open(path) as file:
        text = file.read()
    text = re.sub('amp_boot_network_list = .*', f'amp_boot_network_list = {inner.id}', text)
    with open(path, 'w') as file:
        file.write(re.sub('amp_secgroup_list = .*', f'amp_secgroup_list = {group.id}', text))


def write_clouds():
    text = 'clouds:\n'
    for name in ['admin', *USERS]:
        text += f'''  {name}:
    region_name: RegionOne
    auth:
      auth_url: {KEYSTONE}
      username: {name}
      password: {name}
      project_name: {name}
      user_domain_name: Default
      project_domain_name: Default
'''
    demo = connect('demo')
    credential = demo.identity.create_application_credential(user=demo.current_user_id, name='lab', secret='lab-secret')
    text += f'''  demo-appcred:
    region_name: RegionOne
    auth_type: v3applicationcredential
    auth:
      auth_url: {KEYSTONE}
      application_credential_id: {credential.id}
      application_credential_secret: lab-secret
'''
    os.makedirs('/etc/openstack', exist_ok=True)
    with open('/etc/openstack/clouds.yaml', 'w') as file:
        file.write(text)


def fill():
    fill_catalog(connect('admin').identity)
    make_users(connect('admin').identity)
    # A token knows the catalog of the moment when it was made.
    admin, service = connect('admin'), connect('svc', 'service')
    make_flavors(admin.compute)
    make_images(service)
    make_networks(admin, service)
    write_clouds()


def make_zones():
    admin = connect('admin')
    admin.block_storage.create_type(name='fake')
    for number in range(3):
        aggregate = admin.compute.create_aggregate(name=f'az{number + 1}', availability_zone=f'az{number + 1}')
        admin.compute.add_host_to_aggregate(aggregate, f'compute{number}')


if __name__ == '__main__':
    make_zones() if sys.argv[1:] == ['zones'] else fill()
