"""What neutron's agents would do: every port is bound and ACTIVE at once, and so is a floating IP that has a port."""
from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.callbacks import events, registry, resources
from neutron_lib.plugins import constants as plugins
from neutron_lib.plugins import directory
from neutron_lib.plugins.ml2 import api
from neutron_lib.services import base


class Driver(api.MechanismDriver):
    """Binds a port on any host to the first segment of its network."""

    def initialize(self):
        pass

    def bind_port(self, context):
        segment = context.segments_to_bind[0][api.ID]
        details = {portbindings.CAP_PORT_FILTER: True}
        context.set_binding(segment, portbindings.VIF_TYPE_OVS, details, status=constants.ACTIVE)


class Plugin(base.ServicePluginBase):
    """Tells neutron what an L3 agent would tell it of router ports and floating IPs."""

    supported_extension_aliases = []

    def __init__(self):
        super().__init__()
        registry.subscribe(self._port_made, resources.PORT, events.AFTER_CREATE)
        for event in (events.AFTER_CREATE, events.AFTER_UPDATE):
            registry.subscribe(self._floating_ip_changed, resources.FLOATING_IP, event)

    def get_plugin_type(self):
        return 'LAB'

    def get_plugin_description(self):
        return __doc__

    def _port_made(self, resource, event, trigger, payload):
        port = payload.latest_state
        if port['device_owner'].startswith('network:router_'):
            directory.get_plugin().update_port_status(payload.context, port['id'], constants.ACTIVE)

    def _floating_ip_changed(self, resource, event, trigger, payload):
        found = payload.latest_state
        has_port = found.get('fixed_port_id', found.get('port_id'))
        status = constants.FLOATINGIP_STATUS_ACTIVE if has_port else constants.FLOATINGIP_STATUS_DOWN
        routers = directory.get_plugin(plugins.L3)
        routers.update_floatingip_status(payload.context.elevated(), found.get('id', payload.resource_id), status)
