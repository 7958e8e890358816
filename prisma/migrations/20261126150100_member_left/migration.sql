ALTER TABLE member DROP CONSTRAINT member_standing;
ALTER TABLE member ADD CONSTRAINT member_standing CHECK (standing IN ('active', 'suspended', 'withdrawn', 'left'));
