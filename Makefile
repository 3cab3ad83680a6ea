.PHONY: help
help:
	@echo "make run    set up everything and open the running town"
	@echo "make test   set up everything and run all checks"
