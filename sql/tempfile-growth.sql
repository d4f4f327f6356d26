-- purpose: which temp files of the session's container grow; answered only where it is open
-- versions: 12.1+
-- binds: none
-- grants: select on dba_temp_files
select file_name, autoextensible
from dba_temp_files
order by file_name
