-- purpose: what SAVE STATE keeps of pluggable databases for the next STARTUP: saved before SHUTDOWN, compared after (rule 25)
-- versions: 12.2+
-- binds: none
-- grants: select on dba_pdb_saved_states
select con_name, instance_name, state, restricted
from dba_pdb_saved_states
order by con_name, instance_name
