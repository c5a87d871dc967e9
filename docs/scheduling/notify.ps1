# Called by swp assess --notify-command "powershell -NoProfile -File docs\scheduling\notify.ps1": writes what somebody should
# know to the Application log of Windows, where your monitoring finds it; replace the last lines by your own mail or chat.
# Once before, as administrator:  New-EventLog -LogName Application -Source "Strategic assessment"
if ($env:SWP_STATUS -eq "published" -and $env:SWP_VERDICTS_CHANGED -eq "0") { exit 0 }
$reader = New-Object IO.StreamReader([Console]::OpenStandardInput(), [Text.Encoding]::UTF8)
$summary = $reader.ReadToEnd() | ConvertFrom-Json
$kind = if ($env:SWP_STATUS -eq "published") { "Information" } else { "Warning" }
Write-EventLog -LogName Application -Source "Strategic assessment" -EventId 1 -EntryType $kind -Message $summary.summary
