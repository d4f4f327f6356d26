-- purpose: the copies of the control file
-- versions: 12.1+
-- binds: none
-- grants: select on v_$controlfile
select name
from v$controlfile
order by name
