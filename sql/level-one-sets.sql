-- purpose: the level 1 backup pieces under one tag that are still there, with the key of their set (rule 85)
-- versions: 12.1+
-- binds: tag: upper case
-- grants: select on v_$backup_set, v_$backup_piece
select s.recid as set_key, p.handle, p.bytes
from v$backup_piece p, v$backup_set s
where s.set_stamp = p.set_stamp and s.set_count = p.set_count and s.incremental_level = 1
  and p.tag = :tag and p.deleted = 'NO' and p.handle is not null
order by s.recid, p.piece#
