-- Names without case, accents and punctuation, from core PostgreSQL alone: unaccent and pg_trgm may be absent.
-- NFKD does not take apart the letters in translate().
CREATE OR REPLACE FUNCTION crm.fold(value text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN btrim(regexp_replace(
    regexp_replace(
        translate(
            replace(replace(replace(lower(normalize(value, NFKD)), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
            'øłđðıþ', 'olddit'),
        '[\u0300-\u036f]', '', 'g'),
    '[][\s!-/:-@\\^_`{-~\u2010-\u2015\u2018-\u201d]+', ' ', 'g'));
