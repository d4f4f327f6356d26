-- purpose: guaranteed restore points: FLASHBACK DATABASE applies redo from before them (rule 97)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$restore_point, v_$database_incarnation
select p.name, to_char(p.scn) as scn, i.resetlogs_id
from v$restore_point p join v$database_incarnation i on i.incarnation# = p.database_incarnation#
where p.guarantee_flashback_database = 'YES'
order by p.scn
