-- purpose: the image copies that RMAN knows under one tag, deleted ones left out (rules 79, 83, 84)
-- versions: 12.1+
-- binds: tag: upper case
-- grants: select on v_$datafile_copy
select recid, file# as file_no, name, to_char(creation_change#) as creation_scn, to_char(resetlogs_change#) as resetlogs_scn,
       to_char(checkpoint_change#) as checkpoint_scn, to_char(nvl(absolute_fuzzy_change#, 0)) as absolute_fuzzy_scn,
       incremental_level as copy_level, status, blocks, nvl(media_corrupt, 0) + nvl(logically_corrupt, 0) as corrupt_blocks
from v$datafile_copy
where tag = :tag and deleted = 'NO' and name is not null
order by file#, recid
