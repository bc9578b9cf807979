//! This program's allocator: whatever is freed is wiped first. Our own code wipes what holds a secret; but JSON, HTTP, TLS
//! and the keyring's bus are read and written by libraries, which leave copies behind wherever a buffer grows or ends.

use std::alloc::{GlobalAlloc, Layout, System};
use std::ptr;

/// The system's allocator, with freed memory wiped.
pub struct Wiping;

// SAFETY: every block comes from `System` and goes back to it with the layout that it came with. In between it is only
// written to, within its bounds, at a time when nobody else may use it any more. A block that changes its size is
// a new block: the trait's own `realloc` copies it and frees the old one here.
#[allow(unsafe_code, reason = "there is no safe interface")]
unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are handed on.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller's promises are handed on.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the block has this size and is the caller's, who gives it up.
        unsafe {
            wipe(block, layout.size());
            System.dealloc(block, layout);
        }
    }
}

/// Writes zeros, which the compiler mustn't leave out although nobody reads them.
///
/// # Safety
/// `length` bytes from `start` on may be written.
#[allow(unsafe_code, reason = "there is no safe interface")]
unsafe fn wipe(start: *mut u8, length: usize) {
    const WORD: usize = size_of::<usize>();
    let before = start.align_offset(WORD).min(length);
    let (words, after) = ((length - before) / WORD, (length - before) % WORD);
    // SAFETY: together the three pieces are the block, and the middle one is aligned.
    unsafe {
        for at in 0..before {
            ptr::write_volatile(start.add(at), 0);
        }
        #[expect(clippy::cast_ptr_alignment, reason = "it starts where a word may")]
        let middle = start.add(before).cast::<usize>();
        for at in 0..words {
            ptr::write_volatile(middle.add(at), 0);
        }
        let last = start.add(before + words * WORD);
        for at in 0..after {
            ptr::write_volatile(last.add(at), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[allow(unsafe_code, reason = "the function's own interface")]
    fn every_byte_of_a_block_is_wiped_wherever_it_starts_and_none_beside_it() {
        for start in 0..9 {
            for length in 0..40 {
                let mut room = vec![7_u8; 64];
                // SAFETY: 48 bytes of 64 at most.
                unsafe { wipe(room.as_mut_ptr().add(start), length) };
                let wiped = |at: usize| (start..start + length).contains(&at);
                assert!(room.iter().enumerate().all(|(at, byte)| (*byte == 0) == wiped(at)));
            }
        }
    }
}
