-- purpose: every tablespace of every container, as the control file knows it
-- versions: 12.1+
-- binds: none
-- grants: select on v_$tablespace
select ts# as ts, name, bigfile, con_id
from v$tablespace
order by con_id, ts#
