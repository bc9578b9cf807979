; What the installer does besides: a running Dyntray ends by itself before its files are replaced or removed, shells find
; the console program, and nothing is left in the registry of what isn't there any more. `$UpdateMode` is 1 while a newer version comes, and
; `$DeleteAppDataCheckboxState` where the person wants settings and history removed, too.
;
; `cargo xtask cross` puts this to the test.

!include WinMessages.nsh

!macro DYNTRAY_QUIT
  ; A jump of so many instructions would be wrong here: a plug-in's call is several.
  ${If} ${FileExists} "$INSTDIR\dyntray.exe"
    nsExec::Exec '"$INSTDIR\dyntray.exe" quit'
    Pop $0
    ${If} $0 == 0
      ; It has ended; its process and its window are gone in a moment, too.
      Sleep 1000
    ${EndIf}
  ${EndIf}
!macroend

!macro NSIS_HOOK_PREINSTALL
  !insertmacro DYNTRAY_QUIT
!macroend

; The programs that are open hear that the search path has changed.
!macro DYNTRAY_TELL_OF_PATH
  SendMessage ${HWND_BROADCAST} ${WM_SETTINGCHANGE} 0 "STR:Environment" /TIMEOUT=2000
!macroend

!macro NSIS_HOOK_POSTINSTALL
  nsExec::Exec '"$INSTDIR\dyntray.com" register'
  Pop $0
  !insertmacro DYNTRAY_TELL_OF_PATH
!macroend

!macro NSIS_HOOK_PREUNINSTALL
  !insertmacro DYNTRAY_QUIT
  ${If} $UpdateMode <> 1
    nsExec::Exec '"$INSTDIR\dyntray.com" unregister'
    Pop $0
    !insertmacro DYNTRAY_TELL_OF_PATH
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "dyntray"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "dyntray"
    ; The name and picture on notifications.
    DeleteRegKey HKCU "Software\Classes\AppUserModelId\de.Dyntray.Dyntray"
    ${If} $DeleteAppDataCheckboxState = 1
      RMDir /r "$APPDATA\Dyntray\dyntray"
      RMDir "$APPDATA\Dyntray"
      RMDir /r "$LOCALAPPDATA\Dyntray\dyntray"
    ${EndIf}
  ${EndIf}
!macroend
