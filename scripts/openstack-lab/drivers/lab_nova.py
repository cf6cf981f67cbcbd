"""nova's own fake hypervisor, which takes a new identity at each start and is then refused, with a lasting one."""
from nova.virt import fake, node


class Driver(fake.FakeDriver):

    def get_available_resource(self, nodename):
        return dict(super().get_available_resource(nodename), uuid=node.get_local_node_uuid())

    def get_nodenames_by_uuid(self, refresh=False):
        return {node.get_local_node_uuid(): name for name in self.get_available_nodes()}
