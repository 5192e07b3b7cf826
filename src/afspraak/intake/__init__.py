"""What comes in from outside before it is a fact: mails as they came, their files, what monitors
call our services.
"""
