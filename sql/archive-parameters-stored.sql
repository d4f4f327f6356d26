-- purpose: the same parameters as the server parameter file has them: they count after the next start
-- versions: 12.1+
-- binds: none
-- grants: select on v_$spparameter
select sid as instance_name, name, value
from v$spparameter
where isspecified = 'TRUE' and name like 'log_archive%' and value is not null
order by name, sid
