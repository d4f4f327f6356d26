-- purpose: whether each container has its own undo
-- versions: 12.2+
-- binds: none
-- grants: select on database_properties
select property_value
from database_properties
where property_name = 'LOCAL_UNDO_ENABLED'
