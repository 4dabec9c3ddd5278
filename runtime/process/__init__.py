"""What a process stands on: settings, configuration, platform, serving, watchdog."""
