; What the installer does besides: a running Dyntray ends by itself before its files are replaced or removed, and
; nothing starts with the computer that isn't there any more. `$UpdateMode` is 1 while a newer version comes.

!macro NSIS_HOOK_PREINSTALL
  IfFileExists "$INSTDIR\dyntray.exe" 0 +2
    nsExec::Exec '"$INSTDIR\dyntray.exe" quit'
!macroend

!macro NSIS_HOOK_PREUNINSTALL
  nsExec::Exec '"$INSTDIR\dyntray.exe" quit'
  ${If} $UpdateMode <> 1
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "dyntray"
  ${EndIf}
!macroend
