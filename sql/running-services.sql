-- purpose: the services that run, so that they are started again (rule 25); but for the instance's own and its XML DB dispatcher's
-- versions: 12.1+
-- binds: none
-- grants: select on v_$active_services, v_$pdbs
select s.name, p.name as pdb
from v$active_services s left join v$pdbs p on p.con_id = s.con_id
where s.name not like 'SYS$%' and s.name not like '%XDB'
order by s.con_id, s.name
