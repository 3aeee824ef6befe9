/** Keys as no page makes them, but as somebody may: they are taken like any other. */
export const ODD_KEYS = ['../../..', 'a/b#c?d%23', 'key-of-a-filing#1', '%2F%23%00', "' OR '1'='1", '{"$ne":null}', '~`!@#$%^&*()', 'with some spaces', '"quoted" key', '8 chars!', 'x'.repeat(128)]
/** Keys that are refused: too short, too long, not of signs that a header can carry unchanged. */
export const NO_KEYS = ['', '7 chars', 'x'.repeat(129), '标识标识标识标识标识', 'tab\there-it-is']
