#!/usr/bin/python3
"""A tray item with a menu, made by the library that most programs use. Prints each entry that is clicked."""
import gi

gi.require_version("Gtk", "3.0")
gi.require_version("AyatanaAppIndicator3", "0.1")
from gi.repository import AyatanaAppIndicator3 as Indicator, Gio, Gtk


def entry(kind, label, sensitive=True):
    line = kind(label=label, use_underline=True, sensitive=sensitive)
    line.connect("activate", lambda line: print("clicked", line.get_label(), flush=True))
    return line


menu, below, paused = Gtk.Menu(), Gtk.Menu(), entry(Gtk.CheckMenuItem, "Paused")
paused.set_active(True)
below.append(entry(Gtk.MenuItem, "For an _hour"))
pause = entry(Gtk.MenuItem, "Pause")
pause.set_submenu(below)
for line in (entry(Gtk.MenuItem, "Status", sensitive=False), paused, pause, Gtk.SeparatorMenuItem(), entry(Gtk.MenuItem, "_Quit")):
    menu.append(line)
menu.show_all()

# The library gives up for ever when it sees the tray before it has its own connection; with one there, it has it first.
bus = Gio.bus_get_sync(Gio.BusType.SESSION)
item = Indicator.Indicator.new("story-item", "dialog-information", Indicator.IndicatorCategory.APPLICATION_STATUS)
item.set_title("An item")
item.set_status(Indicator.IndicatorStatus.ACTIVE)
item.set_menu(menu)
Gtk.main()
