-- purpose: contents and status of the tablespaces of the session's container; answered only where it is open
-- versions: 12.1+
-- binds: none
-- grants: select on dba_tablespaces
select tablespace_name, contents, status
from dba_tablespaces
order by tablespace_name
