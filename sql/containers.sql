-- purpose: the pluggable databases and the seed, and whether they are open
-- versions: 12.1+
-- binds: none
-- grants: select on v_$pdbs
select con_id, name, open_mode, rawtohex(guid) as guid
from v$pdbs
order by con_id
