; A minimal installer with Dyntray's part (packaging/windows/hooks.nsh), which `cargo xtask cross` tests. Tauri's bundler
; includes the same part in its own installer.

Unicode true
Target amd64-unicode
Name "Dyntray"
OutFile "${SETUP}"
InstallDir "$LOCALAPPDATA\Dyntray"
RequestExecutionLevel user
SilentInstall silent
SilentUnInstall silent

!include LogicLib.nsh
!include FileFunc.nsh
!insertmacro un.GetParameters
!insertmacro un.GetOptions

Var UpdateMode
Var DeleteAppDataCheckboxState
!include "${HOOKS}"

Function un.onInit
  ${un.GetParameters} $0
  ClearErrors
  ${un.GetOptions} $0 "/UPDATE" $1
  ${IfNot} ${Errors}
    StrCpy $UpdateMode 1
  ${EndIf}
  ClearErrors
  ; Tauri's installer has a check box for it.
  ${un.GetOptions} $0 "/DATA" $1
  ${IfNot} ${Errors}
    StrCpy $DeleteAppDataCheckboxState 1
  ${EndIf}
FunctionEnd

Section Install
  !insertmacro NSIS_HOOK_PREINSTALL
  SetOutPath $INSTDIR
  File "${PROGRAM}"
  File "${CONSOLE_PROGRAM}"
  WriteUninstaller "$INSTDIR\uninstall.exe"
  !insertmacro NSIS_HOOK_POSTINSTALL
SectionEnd

Section Uninstall
  !insertmacro NSIS_HOOK_PREUNINSTALL
  Delete "$INSTDIR\dyntray.exe"
  Delete "$INSTDIR\dyntray.com"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
SectionEnd
