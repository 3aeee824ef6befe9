-- Logs that nobody may change: each row's hash follows from the row before it, as a case's events do, and `log_head` says which is
-- the last. A row that was changed, taken out or put in breaks the chain there; an end cut off is not what the head says. Who owns the
-- database can hash all of it anew: that shows against an anchor kept elsewhere. Set anew by every migration.
CREATE TABLE IF NOT EXISTS log_head (log text PRIMARY KEY, id bigint NOT NULL, hash text NOT NULL);

-- What a row says, without its own hash, as JSON in UTC: the same for everybody who reads it.
CREATE OR REPLACE FUNCTION log_hash(previous text, log_row jsonb) RETURNS text LANGUAGE sql IMMUTABLE SET timezone = 'UTC' AS
$$ SELECT encode(sha256(convert_to(previous || (log_row - 'hash')::text, 'UTF8')), 'hex') $$;

-- The head's row is the lock: rows of one log come one after the other, numbered without gaps.
CREATE OR REPLACE FUNCTION chain_log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public SET timezone = 'UTC' AS $$
DECLARE head log_head;
BEGIN
  INSERT INTO log_head VALUES (TG_TABLE_NAME, 0, repeat('0', 64)) ON CONFLICT DO NOTHING;
  SELECT * INTO head FROM log_head WHERE log = TG_TABLE_NAME FOR UPDATE;
  NEW.id := head.id + 1;
  NEW.hash := log_hash(head.hash, to_jsonb(NEW));
  UPDATE log_head SET id = NEW.id, hash = NEW.hash WHERE log = TG_TABLE_NAME;
  RETURN NEW;
END $$;

DO $$ DECLARE log text; BEGIN
  FOREACH log IN ARRAY ARRAY['access_log', 'refusal', 'admin_log'] LOOP
    EXECUTE format('CREATE OR REPLACE TRIGGER chain_log BEFORE INSERT ON %I FOR EACH ROW EXECUTE FUNCTION chain_log()', log);
  END LOOP;
END $$;
