from django.urls import path

from zhen.gateways.mqtt import views

urlpatterns = [path("claim", views.claim_credential, name="mqtt_claim")]
