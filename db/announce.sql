-- Tells whoever listens on channel `case_event` of each append: the case and the first and last of its new events, nothing of
-- what they say. Once a statement, and delivered when it is committed. Set anew by every migration.
CREATE OR REPLACE FUNCTION announce_events() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('case_event', concat_ws(' ', case_no, min(seq), max(seq))) FROM appended GROUP BY case_no;
  RETURN NULL;
END $$;
CREATE OR REPLACE TRIGGER announce_events AFTER INSERT ON case_event REFERENCING NEW TABLE AS appended
  FOR EACH STATEMENT EXECUTE FUNCTION announce_events();
