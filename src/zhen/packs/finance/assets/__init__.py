"""Assets (资产管理): cards, depreciation, transfers, stock-taking, disposal, leases, and their match with the books."""
