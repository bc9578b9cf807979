/** Searching by words: all of them have to be in what is told, in any order, large or small. */
export function matcher(words: string): (told: string) => boolean {
  const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return (told) => {
    if (wanted.length === 0) return true;
    const text = told.toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
}
