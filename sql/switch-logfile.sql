-- purpose: closes the current redo log of this thread, so that it is archived; asked by `umbra check`
-- versions: 12.1+
-- binds: none
-- grants: alter system
alter system switch logfile
