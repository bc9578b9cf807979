//! The emptiest Tauri window there is: one word, no script, no command. `cargo xtask bench` opens it beside Dyntray's,
//! so that the time until something is to be seen has something to be compared with.

fn main() -> tauri::Result<()> {
    if std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
        // SAFETY: first in `main`, so no other thread exists that could read the environment meanwhile.
        #[expect(unsafe_code, reason = "the same switch as Dyntray's window, which inherits it")]
        unsafe {
            std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
    }
    tauri::Builder::default().run(tauri::generate_context!("examples/empty/tauri.conf.json"))
}
