// Installed into GNOME Shell by the stage of the stories; every function returns something that JSON can hold.
(() => {
    const { Clutter, GLib, Gio, Meta, Shell } = imports.gi;
    const seat = Clutter.get_default_backend().get_default_seat();
    const tracker = Shell.WindowTracker.get_default();
    const now = () => GLib.get_monotonic_time();
    const busy = (milliseconds) => { const end = Date.now() + milliseconds; while (Date.now() < end); return true; };
    const devices = {};
    const device = (kind) => (devices[kind] ??= seat.create_virtual_device(Clutter.InputDeviceType[kind]));

    const place = (actor) => {
        const [x, y] = actor.get_transformed_position();
        const [width, height] = actor.get_transformed_size();
        return { x, y, width, height };
    };
    const labelled = (button) => ({ label: button.label, place: place(button) });
    const windows = () => global.get_window_actors().map((actor) => actor.meta_window);
    const windowOf = (id) => {
        const found = windows().find((window) => window.get_id() === id);
        if (!found) throw new Error(`no window ${id}`);
        return found;
    };
    const notice = (notification) => ({
        title: notification.title,
        body: notification.bannerBodyText,
        urgency: notification.urgency,
        resident: notification.resident,
        buttons: notification.actions.map((action) => action.label),
        source: notification.source.title,
        app: notification.source.app?.get_id() ?? null,
        icon: (notification.gicon ?? notification.source.icon)?.to_string() ?? null,
    });
    const list = () => Main.panel.statusArea.dateMenu._messageList._notificationSection._messages;

    // A program hears no key that is pressed before it knows of a keyboard.
    device('KEYBOARD_DEVICE');

    global.stage_of_stories = {
        windows: () => windows().map((window) => {
            const app = tracker.get_window_app(window);
            const { x, y, width, height } = window.get_frame_rect();
            return {
                id: window.get_id(),
                pid: window.get_pid(),
                title: window.get_title() ?? '',
                wm_class: window.get_wm_class() ?? '',
                wm_class_instance: window.get_wm_class_instance() ?? '',
                gtk_application_id: window.get_gtk_application_id() ?? '',
                app_id: app?.get_id() ?? '',
                app_name: app?.get_name() ?? '',
                focused: window.has_focus(),
                minimized: window.minimized,
                maximized: window.get_maximized() !== 0,
                demands_attention: window.demands_attention,
                frame: { x, y, width, height },
            };
        }),
        minimize: (id) => { windowOf(id).minimize(); return true; },
        activate: (id) => { Main.activateWindow(windowOf(id)); return true; },
        activate_and_stay_busy: (id, milliseconds) => { Main.activateWindow(windowOf(id)); return busy(milliseconds); },
        close: (id) => { windowOf(id).delete(global.get_current_time()); return true; },

        banner: () => {
            const banner = Main.messageTray._banner;
            if (!banner || !banner.mapped) return null;
            const buttons = banner._buttonBox?.get_children() ?? [];
            return { ...notice(banner.notification), place: place(banner), shown: buttons.filter((button) => button.mapped).map(labelled) };
        },
        notices: () => Main.messageTray.getSources().flatMap((source) => source.notifications).map(notice),
        list: () => list().filter((message) => message.notification && message.mapped).map((message) => ({ ...notice(message.notification), place: place(message), shown: [] })),
        open_list: () => { Main.panel.statusArea.dateMenu.menu.open(); return true; },
        close_list: () => { Main.panel.statusArea.dateMenu.menu.close(); return true; },
        busy,
        forget_notices: () => { Main.messageTray.getSources().forEach((source) => source.destroy()); return true; },

        move: (x, y) => { device('POINTER_DEVICE').notify_absolute_motion(now(), x, y); return true; },
        button: (number, pressed) => { device('POINTER_DEVICE').notify_button(now(), number, pressed); return true; },
        key: (value, pressed) => { device('KEYBOARD_DEVICE').notify_keyval(now(), value, pressed); return true; },

        dialog: () => {
            const texts = (actor) => [actor, ...actor.get_children().flatMap((child) => texts(child))];
            const dialog = Main.layoutManager.modalDialogGroup.get_children().find((child) => child.mapped);
            if (!dialog) return null;
            return texts(dialog).filter((actor) => actor.mapped && typeof actor.text === 'string' && actor.text).map((actor) => actor.text);
        },
        extension: (uuid, enabled) => { enabled ? Main.extensionManager.enableExtension(uuid) : Main.extensionManager.disableExtension(uuid); return true; },
        lock: () => { Main.sessionMode.pushMode('unlock-dialog'); return true; },
        unlock: () => { Main.sessionMode.popMode('unlock-dialog'); return true; },
        mode: () => Main.sessionMode.currentMode,
        ready: () => !Main.layoutManager._startingUp && Main.sessionMode.currentMode === 'user',
        calm: () => { Main.overview.hide(); Main.welcomeDialog?.close(); global.stage_of_stories.forget_notices(); return !Main.overview.visible; },
    };
    return true;
})()
