delimiter //
create event lab_healthy on schedule every 1 second do begin
  set session transaction isolation level read committed;
  update load_balancer set operating_status = 'ONLINE'
    where provisioning_status = 'ACTIVE' and enabled and operating_status = 'OFFLINE';
  update listener set operating_status = 'ONLINE'
    where provisioning_status = 'ACTIVE' and enabled and operating_status = 'OFFLINE';
  update pool set operating_status = 'ONLINE'
    where provisioning_status = 'ACTIVE' and enabled and operating_status = 'OFFLINE';
  update member join health_monitor using (pool_id) set member.operating_status = 'ONLINE'
    where member.provisioning_status = 'ACTIVE' and member.enabled
      and member.operating_status in ('OFFLINE', 'NO_MONITOR');
end //
