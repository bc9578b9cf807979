//! KDE Plasma as a person sees and operates it.
