-- purpose: which of the privileges that umbra can use the session has
-- versions: 12.1+
-- binds: none
-- grants: none
select privilege
from session_privs
where privilege in ('SYSDBA', 'SYSOPER', 'SYSBACKUP', 'ALTER DATABASE', 'ALTER SYSTEM', 'ALTER TABLESPACE', 'MANAGE TABLESPACE',
                    'SELECT ANY DICTIONARY', 'SET CONTAINER')
order by privilege
