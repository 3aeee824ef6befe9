/** Who or what is called by what somebody types: words of names, in any spelling and order, or their pinyin, whole or by initials. */
import { pinyin } from 'pinyin-pro'
import { bare, wordsOf } from '../lists/words.ts'

/** A text as it is compared; by the initials of its syllables; from each of its syllables on, line by line. */
interface Heard { bare: string, initials: string, sounds: string }

/** A name that begins like one has its surname read as a surname; it may be none. */
function hear(name: string): Heard {
  const text = bare(name)
  const readings = (['head', 'off'] as const).map(surname => pinyin(text, { toneType: 'none', type: 'array', surname, v: true }))
  return {
    bare: text, initials: readings.map(syllables => syllables.map(one => one[0]).join('')).join('\n'),
    sounds: readings.flatMap(syllables => syllables.map((_, i) => `\n${syllables.slice(i).join('')}`)).join(''),
  }
}

/** Names of a directory are few and hardly change: each is read once. */
const known = new Map<string, Heard>()
function heard(text: string): Heard {
  const found = known.get(text)
  if (found) return found
  if (known.size > 50_000) known.clear()
  const made = hear(text)
  known.set(text, made)
  return made
}

/** Whether every word that was typed stands in one of these texts, or is the pinyin or the initials of a part of one. */
export function isCalled(texts: string[], typed: string): boolean {
  const all = texts.map(heard)
  return wordsOf(typed).every(word => all.some(({ bare, initials, sounds }) => bare.includes(word) || (/^[a-z]+$/.test(word) && (initials.includes(word) || sounds.includes(`\n${word}`)))))
}
