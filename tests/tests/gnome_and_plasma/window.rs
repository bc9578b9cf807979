//! The window: in front, of one size, dark, and known as Dyntray.
