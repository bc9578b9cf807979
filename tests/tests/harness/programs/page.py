#!/usr/bin/python3
"""A window with a web view that lets itself be driven, made as Tauri makes one. Shows the page given as argument."""
import sys
import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2

context = WebKit2.WebContext.new_ephemeral()
context.set_automation_allowed(True)
view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)


def automation_started(_context, session):
    info = WebKit2.ApplicationInfo.new()
    info.set_name("page")
    info.set_version(1, 0, 0)
    session.set_application_info(info)
    session.connect("create-web-view", lambda _session: view)


context.connect("automation-started", automation_started)
window = Gtk.Window(title="A page", default_width=500, default_height=300)
window.connect("destroy", Gtk.main_quit)
window.add(view)
view.load_html(sys.argv[1], "http://page.example/")
window.show_all()
Gtk.main()
