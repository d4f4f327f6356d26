-- purpose: the checkpoint of the whole database in the control file, compared with the files of a closed database (rule 19)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$database
select to_char(checkpoint_change#) as checkpoint_scn, controlfile_type
from v$database
