-- purpose: the schema of the session: SYS, SYSBACKUP and PUBLIC tell the privilege it logged in with, in MOUNT too
-- versions: 12.1+
-- binds: none
-- grants: none
select sys_context('USERENV', 'SESSION_USER') as user_name
from dual
