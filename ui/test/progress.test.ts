import { describe, expect, test } from 'vitest';
import { before, look, progress } from '../src/pages/first/progress';
import { empty, firsts, fresh } from './firsts';
import { at, failed, family, halted, held, unasked } from './samples';

const states = (came: ReturnType<typeof progress>) => [came.lookUp, came.update, came.dns].map((line) => look(line).state).join(' ');
const of = (name: keyof typeof firsts) => progress(firsts[name]().entries[0]);

describe('the first update’s progress', () => {
  test.each([
    ['lookingUp', 'working waiting waiting'],
    ['unconfirmed', 'working waiting waiting'],
    ['sending', 'done working waiting'],
    ['pending', 'done done working'],
    ['green', 'done done done'],
    ['refused', 'done failed waiting'],
    ['abuse', 'done failed waiting'],
    ['troubled', 'done failed waiting'],
    ['keyring', 'done failed waiting'],
    ['vpn', 'failed waiting waiting'],
    ['elsewhere', 'failed waiting waiting'],
    ['offline', 'failed waiting waiting'],
    ['foreign', 'done done failed'],
    ['cantVerify', 'done done failed'],
  ] as const)('of an entry that is %s is: %s', (name, expected) => {
    expect(states(of(name))).toBe(expected);
  });

  test('begins with the look-up before any snapshot knows the entry', () => {
    expect(states(progress(undefined))).toBe('working waiting waiting');
  });

  test('ends where no name server is asked: nothing spins for ever', () => {
    expect(of('notChecked').dns).toEqual({ kind: 'notChecked' });
    expect(states(of('notChecked'))).toBe('done done done');
  });

  test('rests while updates are paused or the entry is off: nothing spins either', () => {
    expect(of('paused')).toEqual({ lookUp: { kind: 'notYet' }, update: { kind: 'paused' }, dns: { kind: 'notYet' } });
    expect(progress(fresh({ status: { kind: 'disabled' } })).update).toEqual({ kind: 'disabled' });
    expect(progress(fresh({ status: { kind: 'paused' }, families: [empty('ipv4')] })).lookUp.kind).toBe('found');
  });

  test('waits for every family, and takes the one that there is', () => {
    expect(progress(fresh({ families: [empty('ipv4'), empty('ipv6', { why: unasked('ipv6') })] })).lookUp.kind).toBe('asking');
    const one = progress(fresh({ status: { kind: 'queued' }, families: [empty('ipv4'), empty('ipv6', { why: failed('ipv6', { kind: 'unreachable' }) })] }));
    expect(one.lookUp).toEqual({ kind: 'found', addresses: '84.160.12.7', hold: null });
    expect(one.update.kind).toBe('sending');
  });

  test('says why an update that is due goes later', () => {
    const waiting = progress(fresh({ status: { kind: 'queued' }, next: { at: at(10), step: 'update', why: 'otherFamily' } }));
    expect(waiting.update).toEqual({ kind: 'waits', why: 'otherFamily', until: at(10) });
    expect(look(waiting.update).state).toBe('waiting');
  });

  test('names what is held back beside what was found', () => {
    const { lookUp } = progress(fresh({ status: { kind: 'sending' }, families: [empty('ipv4', { why: held('ipv4', 'shared') }), empty('ipv6')] }));
    expect(lookUp).toMatchObject({ kind: 'found', hold: 'shared' });
  });

  test('tells the worst record: foreign before on its way before live', () => {
    const accepted = { saved: at(-1), accepted: at(0) };
    const live = family('ipv4');
    const dns = (second: Parameters<typeof family>[1]) => progress(fresh({ secret: accepted, status: { kind: 'fine' }, families: [live, family('ipv6', second)] })).dns.kind;
    expect(dns({ live: { kind: 'foreign', there: '', since: at(0) } })).toBe('foreign');
    expect(dns({ live: { kind: 'pending' } })).toBe('pending');
    expect(dns({})).toBe('live');
    expect(dns({ published: null, live: { kind: 'unknown' } })).toBe('live');
  });

  test('of a second save never takes the first one’s answer for its own', () => {
    const refused = firsts.refused().entries[0];
    const newToken = before(refused, { secret: true, anything: true });
    expect(states(progress(refused, newToken))).toBe('working waiting waiting');
    const again = fresh({ ...refused, secret: { saved: at(5), accepted: null }, status: halted({ kind: 'badAuth' }, 6) });
    expect(states(progress(again, newToken))).toBe('done failed waiting');
    const newName = before(refused, { secret: false, anything: true });
    expect(states(progress(refused, newName))).toBe('working waiting waiting');
    const nothing = before(refused, { secret: false, anything: false });
    expect(states(progress(refused, nothing))).toBe('done failed waiting');
  });

  test('of a new token for an address that is there already says so', () => {
    const came = progress(fresh({ status: { kind: 'fine' }, families: [family('ipv4')] }));
    expect(came.update.kind).toBe('unneeded');
    expect(came.dns.kind).toBe('live');
  });
});
