//! The smallest Tauri window: one word, no script, no command. `cargo xtask bench` compares its time to first paint with
//! that of Dyntray's window.

fn main() -> tauri::Result<()> {
    if std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
        // SAFETY: it is the first call in `main`, so no other thread can read the environment meanwhile.
        #[expect(unsafe_code, reason = "the same switch as Dyntray's window, which inherits it")]
        unsafe {
            std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
    }
    tauri::Builder::default().run(tauri::generate_context!("examples/empty/tauri.conf.json"))
}
