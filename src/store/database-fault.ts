import pg from 'pg';
import { StartError } from './errors.js';

interface Target {
  readonly user: string;
  readonly name: string;
}

/** What keeps a database from being used, in words for whoever runs it. A password never stands in them. */
export function databaseFault(error: unknown, url: string): StartError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  // An escape that is none, such as a lone % in a password, has no code.
  if (code === 'ERR_INVALID_URL' || error instanceof URIError) return unreadable();
  const said = error instanceof pg.DatabaseError ? error.message : '';
  return serverFault(code, said, targetOf(url)) ?? unreachable(code);
}

function unreadable(): StartError {
  return new StartError(
    'DATABASE_URL cannot be read as an address.',
    'Give postgresql://USER:PASSWORD@HOST/DATABASE; signs in the password must be percent-encoded: @ is %40, / is %2F, # is %23, ? is %3F, : is %3A, % is %25.',
  );
}

function unreachable(code: string | null): StartError {
  return new StartError(
    `The database cannot be used (${code ?? 'no answer'}).`,
    'Check DATABASE_URL, and that the server runs and lets this user in.',
  );
}

function serverFault(code: string | null, said: string, { user, name }: Target): StartError | null {
  const [owner, database] = [identifier(user), identifier(name)];
  if (code === '3D000')
    return new StartError(
      `The database ${name} does not exist.`,
      `Make it on that server: CREATE DATABASE ${database} OWNER ${owner}; or mend DATABASE_URL.`,
    );
  if (code === '42501')
    return new StartError(
      `The user ${user} may not make tables in the database ${name} (${said}).`,
      `As administrator, in that database: GRANT CONNECT, CREATE ON DATABASE ${database} TO ${owner}; GRANT ALL ON SCHEMA public TO ${owner};`,
    );
  if (code === '28000' || code === '28P01')
    return new StartError(
      `The database server does not let the user ${user} in (${said}).`,
      'There is no such user, or DATABASE_URL has a wrong password, or pg_hba.conf lets nobody in from here.',
    );
  return null;
}

/** As the driver reads the address; what it leaves out is the user of this machine, and a database of that name. */
function targetOf(url: string): Target {
  const { user, database } = new pg.Client({ connectionString: url });
  return { user: user ?? '', name: database ?? user ?? '' };
}

function identifier(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : pg.escapeIdentifier(name);
}
