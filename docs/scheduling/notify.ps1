# Called by swp assess --notify-command "powershell -NoProfile -File docs\scheduling\notify.ps1": writes what somebody should
# know to the Application log of Windows, where your monitoring finds it; replace the last lines by your own mail or chat.
if ($env:SWP_STATUS -eq "published" -and $env:SWP_VERDICTS_CHANGED -eq "0") { exit 0 }
$summary = [Console]::In.ReadToEnd() | ConvertFrom-Json
$kind = if ($env:SWP_STATUS -eq "published") { "INFORMATION" } else { "WARNING" }
eventcreate /L APPLICATION /SO "Strategic assessment" /ID 1 /T $kind /D $summary.summary
