-- purpose: how far a standby is behind its primary, before a cold backup and after it (rule 26)
-- versions: 12.1+
-- binds: none
-- grants: select on v_$dataguard_stats
select value as lag
from v$dataguard_stats
where name = 'apply lag'
