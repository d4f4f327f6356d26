-- purpose: how much SHUTDOWN IMMEDIATE would roll back, on all instances (rule 29)
-- versions: 12.1+
-- binds: none
-- grants: select on gv_$transaction
select count(*) as transactions, to_char(nvl(sum(used_urec), 0)) as undo_records
from gv$transaction
