-- purpose: where the password file is (rule 12)
-- versions: 12.2+
-- binds: none
-- grants: select on v_$passwordfile_info
select file_name
from v$passwordfile_info
