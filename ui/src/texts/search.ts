/** Search by words: a text matches if it has all of them, in any order, in upper or lower case. */
export function matcher(words: string): (told: string) => boolean {
  const wanted = words.toLowerCase().split(/\s+/).filter((word) => word !== '');
  return (told) => {
    if (wanted.length === 0) return true;
    const text = told.toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
}
